"""Being looked after by the system: started at login, watched, started again."""
