import { CURL } from './curl.mjs';
import { DOCKER } from './docker.mjs';
import { GRAPHQL } from './graphql.mjs';
import { KUBERNETES } from './kubectl.mjs';
import { SOCKJS } from './sockjs.mjs';
import { WEBSOCKETS } from './websocket.mjs';

/**
 * The apps and who talks to them. `start` resolves to an app: its `port`, `end`, and `seen`, which gets a `sight` for
 * each conversation. Of each case, `program` has to be installed, `protocol` is what the app has to see, and `converse`
 * talks to the app behind a port and fails if anything was lost. `behindNginx` is for a client whose handshake Culvert
 * restores behind a bare nginx: what becomes of it there without Culvert, the error or another protocol.
 */
export const APPS = [DOCKER, KUBERNETES, WEBSOCKETS, SOCKJS, GRAPHQL, CURL];
