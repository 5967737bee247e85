// Reads untrusted JSON once, at the door: every message names the path, and what nobody read is remembered.

import { GatewayError } from './error.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

/** A view of one JSON object of a caller's body. All readers of a body share the list of children. */
export class Reader {
  readonly path: string
  readonly #value: JsonObject
  readonly #read = new Set<string>()
  readonly #children: Reader[] = []

  private constructor(value: JsonObject, path: string) {
    this.#value = value
    this.path = path
  }

  /** @throws GatewayError `invalid_request` when the value is not an object. */
  static of(value: unknown, path = ''): Reader {
    if (!isObject(value))
      throw wrong(path === '' ? 'The request body' : path, 'an object', value, path)
    return new Reader(value, path)
  }

  /** Whether the key is present with a value other than `null`. */
  has(key: string): boolean {
    const value = this.#value[key]
    return value !== undefined && value !== null
  }

  /** The value as it is, marked as read; `undefined` when absent. */
  json(key: string): Json | undefined {
    this.#read.add(key)
    return this.#value[key]
  }

  /** Marks keys as understood without reading them. */
  skip(...keys: string[]): void {
    for (const key of keys) this.#read.add(key)
  }

  string(key: string): string {
    return this.#required(key, 'a string', this.maybeString(key))
  }

  maybeString(key: string): string | undefined {
    return this.#maybe(key, 'a string', isString)
  }

  number(key: string): number {
    return this.#required(key, 'a number', this.maybeNumber(key))
  }

  maybeNumber(key: string): number | undefined {
    return this.#maybe(key, 'a number', isNumber)
  }

  /** A whole number, not below `least`. */
  maybeInteger(key: string, least = 0): number | undefined {
    return this.#maybe(
      key,
      `a whole number of at least ${least}`,
      (value): value is number => isNumber(value) && Number.isInteger(value) && value >= least,
    )
  }

  maybeBoolean(key: string): boolean | undefined {
    return this.#maybe(key, 'a boolean', isBoolean)
  }

  maybeOneOf<const T extends string>(key: string, values: readonly T[]): T | undefined {
    return this.#maybe(key, `one of ${values.map((value) => `'${value}'`).join(', ')}`, (value) =>
      isOneOf(value, values),
    )
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T {
    return this.#required(
      key,
      `one of ${values.map((value) => `'${value}'`).join(', ')}`,
      this.maybeOneOf(key, values),
    )
  }

  object(key: string): Reader {
    return this.#required(key, 'an object', this.maybeObject(key))
  }

  maybeObject(key: string): Reader | undefined {
    const value = this.#maybe(key, 'an object', isObject)
    return value === undefined ? undefined : this.#child(value, this.at(key))
  }

  /** An object kept as it is. */
  maybeRecord(key: string): JsonObject | undefined {
    return this.#maybe(key, 'an object', isObject)
  }

  /** A list of objects, each read by `item`. */
  list<T>(key: string, item: (reader: Reader, index: number) => T): T[] {
    return this.#required(key, 'an array', this.maybeList(key, item))
  }

  maybeList<T>(key: string, item: (reader: Reader, index: number) => T): T[] | undefined {
    return this.maybeValues(key)?.map((value, index) => {
      const path = `${this.at(key)}[${index}]`
      if (!isObject(value)) throw wrong(path, 'an object', value, path)
      return item(this.#child(value, path), index)
    })
  }

  /** A list of any JSON values. */
  maybeValues(key: string): Json[] | undefined {
    return this.#maybe(key, 'an array', (value): value is Json[] => Array.isArray(value))
  }

  maybeStrings(key: string): string[] | undefined {
    return this.maybeValues(key)?.map((value, index) => {
      const path = `${this.at(key)}[${index}]`
      if (!isString(value)) throw wrong(path, 'a string', value, path)
      return value
    })
  }

  /** The path of a key of this object, as messages name it. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  /** @throws GatewayError always: `<path>.<key> must be <expectation>`. */
  fail(key: string, expectation: string): never {
    throw wrong(this.at(key), expectation, this.#value[key], this.at(key))
  }

  /** The names of the present keys. */
  get keys(): string[] {
    return Object.keys(this.#value)
  }

  /** The paths of every present key that nobody read, this object's and its children's; `null` is absent. */
  get unread(): string[] {
    const own = Object.keys(this.#value).filter((key) => !this.#read.has(key) && this.has(key))
    return [...own.map((key) => this.at(key)), ...this.#children.flatMap((child) => child.unread)]
  }

  /** The own keys that nobody read, with their values. */
  get rest(): JsonObject {
    return Object.fromEntries(
      Object.entries(this.#value).filter(
        ([key, value]) => !this.#read.has(key) && value !== undefined,
      ),
    )
  }

  #child(value: JsonObject, path: string): Reader {
    const child = new Reader(value, path)
    this.#children.push(child)
    return child
  }

  #maybe<T extends Json>(
    key: string,
    expectation: string,
    fits: (value: Json) => value is T,
  ): T | undefined {
    this.#read.add(key)
    const value = this.#value[key]
    if (value === undefined || value === null) return undefined
    if (!fits(value)) this.fail(key, expectation)
    return value
  }

  #required<T>(key: string, expectation: string, value: T | undefined): T {
    return value ?? this.fail(key, expectation)
  }
}

const isString = (value: Json): value is string => typeof value === 'string'
const isNumber = (value: Json): value is number => typeof value === 'number'
const isBoolean = (value: Json): value is boolean => typeof value === 'boolean'
const isOneOf = <T extends string>(value: Json, values: readonly T[]): value is T =>
  values.some((allowed) => allowed === value)

function wrong(subject: string, expectation: string, value: unknown, param: string): GatewayError {
  const found =
    value === undefined
      ? 'missing'
      : value === null
        ? 'null'
        : Array.isArray(value)
          ? 'an array'
          : typeof value === 'object'
            ? 'an object'
            : `a ${typeof value}`
  const shown = typeof value === 'string' && value.length <= 40 ? `'${value}'` : found
  return new GatewayError(
    'invalid_request',
    `${subject} must be ${expectation}, but is ${shown}`,
    param === '' ? {} : { param },
  )
}
