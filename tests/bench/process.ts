// Processes under test: started, pinned, waited for, and what Linux says they have used.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { availableParallelism } from 'node:os'

export interface Server {
  port: number
  /** CPU time of all its threads so far, user and system, in microseconds. */
  cpu(): number
  /** Resident memory in bytes. */
  memory(): number
  stop(): Promise<void>
}

/** Whether processes can be bound to cores of their own. */
export const pinned =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

/** The servers under test have one core, this process (their callers and the upstream) another. */
const cores = { tested: '0', own: '1' }

export function pinSelf(): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', cores.own, String(process.pid)])
}

export interface ServerOptions {
  command: readonly string[]
  environment?: Record<string, string>
  port: number
}

/** Starts a server and waits until it takes connections. @throws Error with what it said when it does not. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { port } = options
  const [program = '', ...rest] = pinned
    ? ['taskset', '-c', cores.tested, ...options.command]
    : options.command
  // Nothing of this process's environment: keys that lie about must not make a provider live.
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), ...options.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2000)))
  const server = serverOf(child, port)
  const deadline = performance.now() + 20_000
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await server.stop()
      throw new Error(`${options.command.join(' ')} did not start: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return server
}

function serverOf(child: ChildProcess, port: number): Server {
  const { pid = 0 } = child
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    port,
    cpu: () => cpuOf(pid),
    memory: () => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
    },
    async stop() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** `schedstat` counts nanoseconds a thread ran; `stat` only ticks of 10 ms, but it is always there. */
function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  try {
    let nanoseconds = 0
    for (const thread of threads) {
      const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
      nanoseconds += Number(ran)
    }
    return nanoseconds / 1000
  } catch {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** A port nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address === null || typeof address === 'string'
          ? reject(new Error('There is no free port'))
          : resolve(address.port),
      )
    })
  })
