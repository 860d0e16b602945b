"""The working doors: RQ jobs, the schedule, the modem process."""
