// Property tests try the same cases in every run, so that a red run can be repeated; VITE_SEED tries others.

import fc from 'fast-check'

fc.configureGlobal({ seed: Number(import.meta.env['VITE_SEED'] ?? 20261124) })
