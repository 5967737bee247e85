// Real media for mocks that need no key: pictures, sound, and what a file is by its content.

export { drawImage, type ImageFormat, type ImageRequest } from './image.ts'
export { type Media, probe } from '#core/probe'
export { contentTypes, type SoundFormat, type SoundRequest, synthesize } from './sound.ts'
export { speechSeconds } from './speech.ts'
