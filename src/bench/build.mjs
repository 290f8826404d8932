import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const TARGET = join(ROOT, 'target');

/** Where programs are compiled to. */
export const OUT = join(TARGET, 'bench');

let command;

/** Takes the words that start Culvert, or the native binary of this checkout, which is built where it is missing. */
export function takeCulvert(words) {
  command = words?.length ? words : [nativeBinary() ?? buildNativeBinary()];
}

/** The words that start Culvert. */
export function culvertCommand() {
  return command;
}

/** The words that start the jar of this checkout, which is built where it is missing. */
export function jarCommand() {
  const jar = join(TARGET, 'quarkus-app/quarkus-run.jar');
  if (!existsSync(jar)) {
    maven();
  }
  return ['java', '-XX:+UseSerialGC', '-jar', jar];
}

function nativeBinary() {
  const name = existsSync(TARGET) && readdirSync(TARGET).find((file) => /^culvert-.*-runner$/.test(file));
  return name ? join(TARGET, name) : undefined;
}

function buildNativeBinary() {
  if (!process.env.GRAALVM_HOME) {
    throw new Error('no target/culvert-*-runner: name the command that starts Culvert, or set GRAALVM_HOME to build it');
  }
  maven('-Dnative');
  return nativeBinary();
}

/** Compiles the load, the app, and the stack's baseline, which needs the jars of Culvert's build. */
export function compile({ withVertx }) {
  run(join(HERE, 'build'));
  if (withVertx) {
    if (!vertxClasspath()) {
      maven();
    }
    run('javac', '-cp', vertxClasspath(), '-d', OUT, join(HERE, '../e2e/vtc/VertxProxy.java'));
  }
}

/** As for src/e2e/vtc: beside a native build VERTX_CLASSPATH names the jars. */
export function vertxClasspath() {
  const folder = join(TARGET, 'quarkus-app/lib/main');
  return process.env.VERTX_CLASSPATH ?? (existsSync(folder) ? `${folder}/*` : undefined);
}

function maven(...options) {
  run('mvn', '-B', '-ntp', '-q', '-f', join(ROOT, 'pom.xml'), 'package', '-Dquick', '-DskipTests', ...options);
}

function run(program, ...args) {
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
