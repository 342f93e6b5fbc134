// A mail server that takes every mail and keeps it, for tests: the program sends to it as to any other.
import { createServer } from "node:net";

/** Starts the server on a free port. */
export async function openMailServer() {
  const mails = [];
  const waiting = new Set();
  const server = createServer((socket) => {
    const say = (line) => socket.write(line + "\r\n");
    let buffer = "", mail = { to: [] }, inData = false;
    const command = (line) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "EHLO") return say("250-proef\r\n250 8BITMIME");
      if (verb === "MAIL") mail = { from: line.match(/<(.*?)>/)[1], to: [] };
      if (verb === "RCPT") mail.to.push(line.match(/<(.*?)>/)[1]);
      if (verb === "DATA") return (inData = true), say("354 go on");
      if (verb === "QUIT") return say("221 bye"), socket.end();
      say("250 OK");
    };
    socket.setEncoding("latin1");
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      buffer += chunk;
      for (;;) {
        const end = inData ? "\r\n.\r\n" : "\r\n";
        const at = buffer.indexOf(end);
        if (at < 0) return;
        const text = buffer.slice(0, at);
        buffer = buffer.slice(at + end.length);
        if (!inData) {
          command(text);
          continue;
        }
        inData = false;
        mails.push({ ...mail, text: readable(text) });
        say("250 OK");
        for (const look of waiting) look();
      }
    });
    say("220 proef ESMTP");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${server.address().port}`,
    mails,
    /** Waits for the first mail that fits. */
    async mail(fits) {
      for (;;) {
        const found = mails.find(fits);
        if (found) return found;
        await new Promise((resolve) => {
          const look = () => (waiting.delete(look), resolve());
          waiting.add(look);
        });
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Undoes quoted-printable, so that words and links can be looked for. */
function readable(text) {
  const bytes = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
