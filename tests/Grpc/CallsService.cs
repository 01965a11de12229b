using Grpc.Core;

namespace Instrumentator.GrpcTests;

/// <summary>A service with a method of each kind, whose calls end as their first request says.</summary>
internal sealed class CallsService : Calls.CallsBase
{
    public override async Task<Reply> Unary(Request request, ServerCallContext context)
    {
        await EndAsync(request.End, context.CancellationToken);
        return new Reply();
    }

    public override async Task<Reply> ClientStream(IAsyncStreamReader<Request> requests, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            await EndAsync(request.End, context.CancellationToken);
        return new Reply();
    }

    public override async Task ServerStream(
        Request request, IServerStreamWriter<Reply> replies, ServerCallContext context)
    {
        if (request.End is not "refused")
            await replies.WriteAsync(new Reply(), context.CancellationToken);
        await EndAsync(request.End, context.CancellationToken);
    }

    public override async Task Duplex(
        IAsyncStreamReader<Request> requests, IServerStreamWriter<Reply> replies, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            await ServerStream(request, replies, context);
    }

    private static Task EndAsync(string end, CancellationToken cancellation) => end switch
    {
        "not-found" or "refused" => throw new RpcException(new Status(StatusCode.NotFound, end)),
        "throws" => throw new InvalidOperationException(end),
        "waits" => Task.Delay(Timeout.Infinite, cancellation),
        _ => Task.CompletedTask,
    };
}
