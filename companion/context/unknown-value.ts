/** Why a lookup cannot even be made. */
export function unknownValue(name: string): Error {
  return new Error(`the action has no known \`{${name}}\``)
}
