"""A mail server of its own: takes what it gets, and knows who got how many."""

import socketserver
import threading
from collections import Counter


class _Session(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to get rid of its messages."""

    def handle(self):
        self._say("220 fake")
        recipients = []
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            elif word in ("EHLO", "MAIL", "RSET"):
                recipients = []
            elif word == "DATA":
                self._say("354 go on")
                while self.rfile.readline().rstrip() != b".":
                    pass
                self.server.received.update(recipients)
            elif word == "QUIT":
                return self._say("221 bye")
            self._say("250 fine")

    def _say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``received`` counts the messages by address; ``port`` is where it listens."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.received = Counter()
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()
