import { LOOPBACK } from '../port.mjs';
import { EXEC_CARRIED, tryCommands } from './exec.mjs';
import { startApi } from './kubernetes-api.mjs';
import { runClient } from './run-client.mjs';

const KUBECTL = { client: 'kubectl `exec -i`', program: 'kubectl', carried: EXEC_CARRIED };

export const KUBERNETES = {
  name: 'kubectl',
  start: startApi,
  cases: [
    {
      ...KUBECTL,
      protocol: 'GET v5.channel.k8s.io',
      behindNginx: /Upgrade request required/,
      converse: (port) => tryCommands((command, input) => exec(port, command, input, true)),
    },
    {
      ...KUBECTL,
      protocol: 'POST SPDY/3.1',
      converse: (port) => tryCommands((command, input) => exec(port, command, input, false)),
    },
  ],
};

/** From 1.31 on kubectl tries a WebSocket by itself, and SPDY if that fails: it is the app that tells which it was. */
function exec(port, command, input, webSockets) {
  const args = ['--server', `http://${LOOPBACK}:${port}`, 'exec', '-i', 'box', '--', command];
  return runClient('kubectl', args, { env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSockets) }, input });
}
