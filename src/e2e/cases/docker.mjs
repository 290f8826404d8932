import { LOOPBACK } from '../port.mjs';
import { startEngine } from './docker-engine.mjs';
import { EXEC_CARRIED, tryCommands } from './exec.mjs';
import { runClient } from './run-client.mjs';

export const DOCKER = {
  name: 'docker',
  start: startEngine,
  cases: [
    {
      client: 'docker `exec -i`',
      program: 'docker',
      protocol: 'POST tcp',
      carried: EXEC_CARRIED,
      converse: (port) => tryCommands((command, input) => exec(port, command, input)),
    },
  ],
};

function exec(port, command, input) {
  return runClient('docker', ['exec', '-i', 'box', command], {
    env: { DOCKER_HOST: `tcp://${LOOPBACK}:${port}` },
    input,
  });
}
