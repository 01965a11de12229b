using System.Net;
using System.Net.Sockets;

namespace Instrumentator.Attack;

/// <summary>Sends bytes on a connection of its own, and gives what comes back until it ends, or nothing comes for a
/// moment.</summary>
internal static class RawClient
{
    private const int MaxBytes = 4 << 20;

    public static async Task<byte[]> SendAsync(IPEndPoint server, Input input)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        try
        {
            await socket.ConnectAsync(server);
            await WriteAsync(socket, input);
            return await ReadAsync(socket, input);
        }
        catch (SocketException)
        {
            // The server closes what it does not like, while it is sent.
            return [];
        }
        finally
        {
            if (input.Manner is Manner.Reset or Manner.ResetLater)
                socket.LingerState = new LingerOption(true, 0);
        }
    }

    private static async Task WriteAsync(Socket socket, Input input)
    {
        var size = input.Manner switch
        {
            Manner.ByteByByte => 1,
            Manner.Pieces => 7,
            _ => Math.Max(input.Bytes.Length, 1),
        };
        for (var i = 0; i < input.Bytes.Length; i += size)
        {
            await socket.SendAsync(input.Bytes.AsMemory(i, Math.Min(size, input.Bytes.Length - i)), SocketFlags.None);
            await Task.Yield();
        }
        if (input.Manner == Manner.HalfClosed)
            socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAsync(Socket socket, Input input)
    {
        if (input.Manner == Manner.Reset)
            return [];
        using var answer = new MemoryStream();
        var buffer = new byte[1 << 14];
        var most = input.Manner == Manner.ResetLater ? 1 : MaxBytes;
        while (
            answer.Length < most && await ReadAsync(socket, buffer, input.EndsByItself ? 500 : 60) is var read and > 0)
        {
            await answer.WriteAsync(buffer.AsMemory(0, read));
        }

        return answer.ToArray();
    }

    private static async Task<int> ReadAsync(Socket socket, byte[] buffer, int milliseconds)
    {
        using var idle = new CancellationTokenSource(milliseconds);
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, idle.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
