/** What an uploaded artifact holds, read as strictly as those that come in. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openZip } from '../src/io/unzip.ts'

export async function readArtifact(content: Uint8Array): Promise<Map<string, string>> {
  const path = join(mkdtempSync(join(tmpdir(), 'artifact-')), 'content.zip')
  writeFileSync(path, content)
  const entries = await openZip(path, 'uploaded', { entries: 100, entryBytes: 1e8, totalBytes: 1e9, ratio: 1000 })
  const files = new Map<string, string>()
  for (const entry of entries) files.set(entry.name, Buffer.concat(await Array.fromAsync(entry.open())).toString())
  return files
}
