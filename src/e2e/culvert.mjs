import { once } from 'node:events';
import { LOOPBACK } from './port.mjs';
import { launch, Program } from './program.mjs';

const ADMIN = /Listening on: http:\/\/.*?:(\d+)/;
const LISTENING = /Traffic: listening on .*?:(\d+),/;

/** Starts Culvert as CULVERT_COMMAND says, in front of the app on `appPort`; `more` are settings of the caller's. */
export async function startCulvert(appPort, more = {}) {
  const [name, ...args] = command();
  const culvert = new Program(name, args, { env: { ...foreignVariables(), ...settings(appPort), ...more } });
  const port = await culvert.ready(() => Number(LISTENING.exec(culvert.output)?.[1]));
  const adminPort = await culvert.ready(() => Number(ADMIN.exec(culvert.output)?.[1]));
  return {
    port,
    adminPort,
    end: () => culvert.end(),
    get output() {
      return culvert.output;
    },
  };
}

/** Runs one of Culvert's commands to its end; resolves to its exit code. */
export async function runCulvert(words, more) {
  const [name, ...args] = command();
  const child = launch(name, [...args, ...words], { env: { ...foreignVariables(), ...more }, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code;
}

function command() {
  const words = (process.env.CULVERT_COMMAND ?? '').split(' ').filter(Boolean);
  if (words.length === 0) {
    throw new Error('CULVERT_COMMAND: expected the command that starts Culvert, as src/e2e/run sets it');
  }
  return words;
}

function foreignVariables() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CULVERT_')));
}

/** All else is at its default: what is shown here needs no setting. Who ends it does not want to wait. */
function settings(appPort) {
  return {
    CULVERT_LISTEN_HOST: LOOPBACK,
    CULVERT_LISTEN_PORT: '0',
    CULVERT_ADMIN_HOST: LOOPBACK,
    CULVERT_ADMIN_PORT: '0',
    CULVERT_UPSTREAM_PORT: String(appPort),
    CULVERT_DRAIN_PERIOD: '0',
  };
}
