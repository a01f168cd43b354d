/** Files that Bun copies beside the bundle; the import is their path. */
declare module '@resvg/resvg-wasm/index_bg.wasm' {
  const path: string
  export default path
}
declare module '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf' {
  const path: string
  export default path
}
