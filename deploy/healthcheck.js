// Healthy when /api/v1/health answers 200, over HTTPS or, behind a proxy, over HTTP. The certificate is the server's own
// and is asked on loopback only, so it is not checked.
import http from 'node:http';
import https from 'node:https';

const port = process.env.VEDETTE_PORT || 8431;
const options = { host: '127.0.0.1', port, path: '/api/v1/health', rejectUnauthorized: false, timeout: 4000 };

const statusOver = (client) =>
  new Promise((resolve) => {
    const request = client.get(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });

process.exit((await statusOver(https)) === 200 || (await statusOver(http)) === 200 ? 0 : 1);
