import type { Polygon } from './canvas.ts'
import type { Line, Point } from './shapes.ts'

/** What a line covers: a strip for each piece of it, and a wedge in each corner, all turning the same way. */
export function outlineStroke({ paths, width, dash }: Line): Polygon[] {
  return paths
    .flatMap((path) => (dash === undefined ? [path] : cutDashes(path, dash)))
    .flatMap((path) => outline(path, width))
}

function outline(points: readonly Point[], width: number): Polygon[] {
  const polygons: Polygon[] = []
  let last: Point | null = null
  for (let i = 1; i < points.length; i++) {
    const [ax, ay] = points[i - 1]
    const [bx, by] = points[i]
    const length = lengthOf(points[i - 1], points[i])
    if (length === 0) continue
    const nx = ((by - ay) / length) * (width / 2)
    const ny = ((ax - bx) / length) * (width / 2)
    polygons.push([ax + nx, ay + ny, bx + nx, by + ny, bx - nx, by - ny, ax - nx, ay - ny])
    if (last !== null) {
      // The wedge is on the outer side of the corner.
      const [mx, my] = last
      if (mx * ny - my * nx > 0) polygons.push([ax, ay, ax + mx, ay + my, ax + nx, ay + ny])
      else polygons.push([ax, ay, ax - nx, ay - ny, ax - mx, ay - my])
    }
    last = [nx, ny]
  }
  return polygons
}

/** Not `Math.hypot`, on whose last bit engines do not agree. */
function lengthOf([ax, ay]: Point, [bx, by]: Point): number {
  return Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
}

function cutDashes(points: readonly Point[], [on, off]: readonly [number, number]): Point[][] {
  const dashes: Point[][] = []
  let dash: Point[] = points.length === 0 ? [] : [points[0]]
  let isOn = true
  let left = on
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]]
    const length = lengthOf(from, to)
    let done = 0
    while (length - done > left) {
      done += left
      const at: Point = [from[0] + ((to[0] - from[0]) * done) / length, from[1] + ((to[1] - from[1]) * done) / length]
      if (isOn) dashes.push([...dash, at])
      isOn = !isOn
      dash = [at]
      left = isOn ? on : off
    }
    left -= length - done
    if (isOn) dash.push(to)
  }
  if (isOn && dash.length > 1) dashes.push(dash)
  return dashes
}
