// What Vite adds to `import.meta` in tests: the text of files, on Node and in workerd alike.
interface ImportMeta {
  /** Variables of the environment that begin with VITE_. */
  readonly env: { readonly [name: string]: string | undefined }
  glob(
    pattern: string,
    options: { query: '?raw'; import: 'default'; eager: true },
  ): Record<string, string>
}
