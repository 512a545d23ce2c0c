"""The sound devices: loudspeaker, microphone, and what stands in for a missing loudspeaker.

Start reading at ``playlist.py`` (which samples come next, no threads), then ``desk.py`` (the
ticket that plays, shared by threads) and the two speakers that draw from it.
``portaudio.py`` is the only module that loads PortAudio, and only when a device is needed.
"""
