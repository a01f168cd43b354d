import { readFile } from 'node:fs/promises'
import roboto from '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf' with { type: 'file' }
import { type Font, parseFont } from '../picture/font.ts'

/** Roboto, whatever fonts the machine has. */
export async function readFont(): Promise<Font> {
  // Absolute when run from source, relative to the bundle when bundled: a URL is right for both.
  return parseFont(await readFile(new URL(roboto, import.meta.url)))
}
