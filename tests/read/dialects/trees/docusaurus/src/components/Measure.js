export function Measure({values}) {
  return <ul>{values.map((one) => <li key={one.name}>{one.name}: {one.value}</li>)}</ul>;
}
export const Scale = Measure;
