"""Makes a few seconds of sound as an MP3 file, with captions: nobody else’s recording is needed."""

from __future__ import annotations

# MPEG-1 layer III, 32 kbit/s, 44.1 kHz, one channel, no checksum.
_HEADER = bytes.fromhex("fffb10c4")
_FRAME_BYTES = 104
_FRAMES_A_SECOND = 44_100 / 1_152
_GAIN = 194
_LOW, _HIGH = 5, 9  # where in the spectrum: pairs of lines 38 Hz apart
SECONDS = 3


def sound() -> bytes:
    """A low tone of three seconds and a higher one."""
    frames = round(SECONDS * _FRAMES_A_SECOND)
    return _frame(_LOW) * frames + _frame(_HIGH) * frames


def captions() -> bytes:
    """What is heard when, as WebVTT."""
    cues = ["00:00.000 --> 00:03.000\n[A low tone]", "00:03.000 --> 00:06.000\n[A higher tone]"]
    return "\n\n".join(["WEBVTT", *cues, ""]).encode()


def _frame(pair: int) -> bytes:
    """A frame of two halves, each with one line of the spectrum sounding: the first of `pair`."""
    # Huffman table 1 writes a silent pair as 1, and a pair of 1 and 0 as 01 and the sign.
    spectrum = "1" * pair + "010"
    half = "".join(
        (
            f"{len(spectrum):012b}",
            f"{pair + 1:09b}",  # how many pairs are written
            f"{_GAIN:08b}",
            "0000" + "0",  # no scale factors, long windows
            "00001" * 3,  # table 1 in each region
            "0000" + "000",  # the regions' bounds
            "000",
        )
    )
    bits = "0" * 18 + half * 2 + spectrum * 2
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    return (_HEADER + body).ljust(_FRAME_BYTES, b"\0")
