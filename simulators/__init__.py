"""The outside world on the wire: modems, terminals, Twilio, phones. Imports nothing of ours."""
