import type { Settings } from '#kit'

/** A method of a publisher's model; without a project in express mode. */
export function pathOf(
  { project = '', location = '' }: Settings,
  publisher: 'google' | 'anthropic',
  method: string,
): string {
  const place = project === '' ? '' : `/projects/${project}/locations/${location}`
  return `/v1beta1${place}/publishers/${publisher}/models/${method}`
}
