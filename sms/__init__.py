"""Words and wires of SMS: reading, writing, segments, modem and Twilio."""
