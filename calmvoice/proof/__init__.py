"""What a pause does on this computer, watched: files, sockets, and whether a sound was left."""
