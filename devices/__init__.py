"""The wires of fingerprint terminals (mesin absensi): pull, push, USB, CSV."""
