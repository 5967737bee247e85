// The gateway as its user starts it: a process with a port, on Node or on workerd.

import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { bundle, workerd, writeWorkerdConfig } from '../bench/bundle.ts'
import { freePort } from '../bench/process.ts'

const root = join(import.meta.dirname, '../..')
const node = join(root, 'node_modules/.bin/node')

export interface RunningServer {
  url: string
  /** Everything it has printed so far. */
  output(): string
  stop(): Promise<void>
}

export type Settings = { [name: string]: string }

export const startOnNode = (settings: Settings): Promise<RunningServer> =>
  run([node, join(root, 'src/node.ts')], { PORT: '0', ...settings }, /Mimus listens on (\S+)/)

/** The bundle that a deployment would upload, on workerd alone. */
export async function startOnWorkerd(settings: Settings): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-workerd-'))
  await bundle(join(root, 'src/worker.ts'), folder)
  const port = await freePort()
  const config = writeWorkerdConfig(folder, port, { MIMUS_MOCK: 'missing', ...settings })
  const server = run([workerd, 'serve', config, '--verbose'], {}, /()/)
  const url = `http://127.0.0.1:${port}`
  return answering({ ...(await server), url })
}

/** `npm run dev`, on a free port. */
export const startDev = (): Promise<RunningServer> =>
  run(['npm', 'run', 'dev', '--', '--port', '0', '--inspector-port', '0'], {}, /Ready on (\S+)/)

async function answering(server: RunningServer): Promise<RunningServer> {
  for (let tries = 0; tries < 100; tries++) {
    const reply = await fetch(`${server.url}/health`).catch(() => undefined)
    if (reply !== undefined) return server
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`The server does not answer:\n${server.output()}`)
}

function run(
  [command = '', ...args]: string[],
  environment: Settings,
  ready: RegExp,
): Promise<RunningServer> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(command, args, {
    cwd: root,
    env: { PATH: `${join(root, 'node_modules/.bin')}:${PATH}`, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let printed = ''
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.pid !== undefined) {
      // The whole group: wrangler has children of its own.
      process.kill(-child.pid, 'SIGTERM')
      setTimeout(
        () => child.exitCode ?? (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')),
        3000,
      ).unref()
    }
    await exited
  }
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const url = ready.exec(printed)?.[1]
      if (url !== undefined) resolve({ url, output: () => printed, stop })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then(() => reject(new Error(`The server ended before it was ready:\n${printed}`)))
  })
}

export interface Upstream {
  url: string
  /** Requests as they came, with their bodies. */
  requests: { path: string; headers: IncomingMessage['headers']; body: string }[]
  /** Resolves when a caller has gone before the reply ended. */
  left(): Promise<void>
  close(): Promise<void>
}

/** A provider's server on a real port, answering as the test says. */
export function startUpstream(
  answer: (request: IncomingMessage, reply: ServerResponse) => void | Promise<void>,
): Promise<Upstream> {
  const requests: Upstream['requests'] = []
  let gone: () => void = () => undefined
  const left = new Promise<void>((resolve) => {
    gone = resolve
  })
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    reply.on('close', () => {
      if (!reply.writableFinished) gone()
    })
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      void answer(request, reply)
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({
        url: `http://127.0.0.1:${port}`,
        requests,
        left: () => left,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}
