// The example http-hello on Node's module net: keep-alive, pipelining and the same parsing of
// requests. Argument: the port, 0 for any.
'use strict';
const net = require('node:net');

const HELLO = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!';
const MAX_HEAD_BYTES = 8 * 1024;

function isRequest(line) {
  return line.length > 12 && line.split(' ').length === 3;
}

function serve(client) {
  let data = '';
  client.setNoDelay(true);
  client.setEncoding('latin1');
  client.on('error', () => client.destroy()); // the client closed the connection
  client.on('data', (chunk) => {
    data += chunk;
    let answers = 0;
    let closing = false;
    for (let end; !closing && (end = data.indexOf('\r\n\r\n')) >= 0;) {
      const head = data.slice(0, end);
      data = data.slice(end + 4);
      closing = !isRequest(head.slice(0, head.indexOf('\r\n')));
      if (!closing) {
        answers++;
        closing = /\nconnection: close/i.test(head);
      }
    }
    if (answers > 0) client.write(answers === 1 ? HELLO : HELLO.repeat(answers), 'latin1');
    if (closing || data.length >= MAX_HEAD_BYTES) client.end();
  });
}

const server = net.createServer(serve);
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 1024 }, () =>
  console.log('listening on', server.address().port));
