"""Runs a command in a terminal of its own. Arguments: columns, rows, command. What is written to it goes to stdout as it is;
each line on stdin is `resize COLUMNS ROWS` or `interrupt`. Ends with the command's status."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


columns, rows, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    resize(0, columns, rows)
    os.execvp(command[0], command)

reading = [terminal, 0]
while terminal in reading:
    for fd in select.select(reading, [], [])[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:  # the command has ended and the terminal with it
            data = b""
        if not data:
            reading.remove(fd)
        elif fd == terminal:
            os.write(1, data)
        else:
            for order in data.decode().splitlines():
                if order == "interrupt":
                    os.write(terminal, b"\x03")
                else:
                    resize(terminal, *order.split()[1:])
                    os.kill(pid, signal.SIGWINCH)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
