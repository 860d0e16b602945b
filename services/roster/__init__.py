"""The roster (daftar pegawai): importing it, and who holds which post."""
