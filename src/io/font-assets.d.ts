/** A file that Bun copies beside the bundle; the import is its path. */
declare module '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf' {
  const path: string
  export default path
}
