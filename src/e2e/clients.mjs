import { io } from 'socket.io-client';
import { CHROMIUM, inPage } from './chromium.mjs';
import { converse } from './conversation.mjs';

/** Who talks to the app. `program` has to be installed; `converse` resolves to what the client saw. */
export const CLIENTS = [
  { name: 'Node', converse: (url, question) => converse(io, url, question) },
  { name: 'Chromium', program: CHROMIUM, converse: converseInPage },
];

function converseInPage(url, question) {
  const work = async (words) => {
    const conversation = await import('/conversation.mjs');
    return conversation.converse(window.io, location.origin, words);
  };
  return inPage(url, work, question);
}
