import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ownerOf, peers } from '#companion/proxy/peer.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9EE5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1332797 1 0000000092c1238a 100 0 0 10 0
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 1333371 1 00000000151c8dbb 100 0 0 10 0
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1333372 1 00000000151c8dbc 100 0 0 10 0
`

describe('the other end of a connection', () => {
  it('belongs to the user whose socket it is', () => {
    expect(ownerOf(table, 0xc350, 0x1f90)).toBe(1001)
    expect(ownerOf(table, 0x1f90, 0xc350)).toBe(1000)
  })

  it('is nobody where the kernel knows no such socket', () => {
    expect(ownerOf(table, 0xc351, 0x1f90)).toBeUndefined()
    expect(ownerOf(table, 0x9ee5, 0)).toBeUndefined()
    expect(ownerOf('', 1, 2)).toBeUndefined()
  })

  it('is ours for a connection that we made, and is not once there is none', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address: string | AddressInfo | null = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const client = connect(port, '127.0.0.1')
    const accepted = await new Promise<Socket>((resolve) => server.once('connection', resolve))
    const isOwn = peers()
    expect(await Promise.all([accepted, accepted].map(isOwn))).toEqual([true, true])
    if (process.platform === 'linux') expect(await isOwn(new Socket())).toBe(false)
    client.destroy()
    accepted.destroy()
    server.close()
  })
})
