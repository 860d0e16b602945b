"""The roster as units send it (daftar pegawai): its rows, its faults, and what follows from it."""
