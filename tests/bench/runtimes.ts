// The two pairs: gateway and bare proxy on Node, gateway and bare proxy on workerd.

import { join } from 'node:path'
import { bundle, workerd, writeWorkerdConfig } from './bundle.ts'
import { freePort, startServer, type Server } from './process.ts'

export const runtimeNames = ['node', 'workerd'] as const
export type RuntimeName = (typeof runtimeNames)[number]

export const sides = ['bare', 'gateway'] as const
export type Side = (typeof sides)[number]

export type Start = () => Promise<Server>

/** How the servers of one runtime start; a bundle that cannot be made is a start that fails. */
export type Runtime = Record<Side, Start>

const here = import.meta.dirname
const root = join(here, '../..')

/** `folder` is for bundles, configurations and the gateway's media. */
export async function prepare(
  name: RuntimeName,
  upstream: number,
  folder: string,
): Promise<Runtime> {
  const origin = `http://127.0.0.1:${upstream}`
  const environments: Record<Side, Record<string, string>> = {
    bare: { UPSTREAM: origin },
    gateway: {
      OPENAI_API_KEY: 'bench',
      ANTHROPIC_API_KEY: 'bench',
      MIMUS_MOCK: 'off',
      MIMUS_OPEN: '1',
      MIMUS_OPENAI_ORIGIN: origin,
      MIMUS_ANTHROPIC_ORIGIN: origin,
    },
  }
  switch (name) {
    case 'node':
      return {
        bare: onNode(join(here, 'bare.ts'), environments.bare),
        gateway: onNode(join(root, 'src/node.ts'), { ...environments.gateway, MIMUS_DATA: folder }),
      }
    case 'workerd': {
      const [bare, gateway] = await Promise.all([
        onWorkerd(join(here, 'bare-worker.ts'), join(folder, 'bare'), environments.bare),
        onWorkerd(join(root, 'src/worker.ts'), gatewayBundle(folder), environments.gateway),
      ])
      return { bare, gateway }
    }
    default:
      return name satisfies never
  }
}

/** Where `prepare('workerd')` leaves the gateway's bundle. */
export const gatewayBundle = (folder: string): string => join(folder, 'gateway')

const onNode =
  (script: string, environment: Record<string, string>): Start =>
  async () =>
    startServer({
      command: [process.execPath, script],
      environment,
      port: await freePort(),
    })

async function onWorkerd(
  entry: string,
  folder: string,
  bindings: Record<string, string>,
): Promise<Start> {
  try {
    await bundle(entry, folder)
  } catch (thrown) {
    return () => Promise.reject(thrown)
  }
  return async () => {
    const port = await freePort()
    const config = writeWorkerdConfig(folder, port, bindings)
    return startServer({ command: [workerd, 'serve', config], port })
  }
}
