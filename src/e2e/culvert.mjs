import { LOOPBACK } from './port.mjs';
import { Program } from './program.mjs';

const LISTENING = /Traffic: listening on .*?:(\d+),/;

/** Starts Culvert as CULVERT_COMMAND says, in front of the app on `appPort`. */
export async function startCulvert(appPort) {
  const [name, ...args] = command();
  const culvert = new Program(name, args, { env: { ...foreignVariables(), ...settings(appPort) } });
  const port = await culvert.ready(() => Number(LISTENING.exec(culvert.output)?.[1]));
  return { port, end: () => culvert.end() };
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
