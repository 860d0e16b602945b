"""The rules of leave and attendance: pure functions and frozen values, standard library only."""
