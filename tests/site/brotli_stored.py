# SPDX-License-Identifier: MIT
"""Brotli (RFC 7932) with uncompressed meta-blocks only: legal, deterministic, and needs no library."""

MAX_BLOCK = 1 << 16   # MLEN of four nibbles: 1..65536 bytes


class _Bits:
    """Little-endian bit writer: the first bit written is the lowest bit of the first byte."""

    def __init__(self):
        self.value = 0
        self.count = 0

    def put(self, value, width):
        self.value |= value << self.count
        self.count += width

    def take(self):
        """The bits so far, padded with zeros to whole bytes."""
        data = self.value.to_bytes((self.count + 7) // 8, "little")
        self.value = self.count = 0
        return data


def compress(data):
    """`data` as a brotli stream: window of 16 bits, stored meta-blocks, an empty last meta-block."""
    out = bytearray()
    bits = _Bits()
    bits.put(0, 1)                       # WBITS 16
    for start in range(0, len(data), MAX_BLOCK):
        block = data[start:start + MAX_BLOCK]
        bits.put(0, 1)                   # ISLAST no
        bits.put(0, 2)                   # MNIBBLES 4
        bits.put(len(block) - 1, 16)     # MLEN - 1
        bits.put(1, 1)                   # ISUNCOMPRESSED
        out += bits.take() + block
    bits.put(3, 2)                       # ISLAST, ISLASTEMPTY
    return bytes(out + bits.take())


def decompress(data):
    """The inverse, for streams made by compress() only; ValueError for any other stream."""
    out = bytearray()
    value, used, at = data[0], 1, 0
    if value & 1:
        raise ValueError("window bits other than 16")
    while True:
        head = int.from_bytes(data[at:at + 4], "little") >> used
        if head & 1:
            if head & 3 != 3:
                raise ValueError("compressed last meta-block")
            return bytes(out)
        length = (head >> 3 & 0xffff) + 1
        if head & 6 or not head >> 19 & 1:
            raise ValueError("not a stored meta-block of four nibbles")
        at += (used + 20 + 7) // 8
        used = 0
        if at + length > len(data):
            raise ValueError("stream ends inside a meta-block")
        out += data[at:at + length]
        at += length
