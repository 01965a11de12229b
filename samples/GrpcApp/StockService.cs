using Grpc.Core;

namespace GrpcApp;

/// <summary>The stock of a shop, which has products with ids above 0.</summary>
internal sealed class StockService : Stock.StockBase
{
    public override Task<Amount> Get(Product request, ServerCallContext context) => request.Id > 0
        ? Task.FromResult(new Amount { Pieces = request.Id })
        : throw new RpcException(new Status(StatusCode.NotFound, "There is no such product."));

    public override async Task Watch(
        Product request, IServerStreamWriter<Amount> responseStream, ServerCallContext context)
    {
        for (var sold = 0; sold <= request.Id; sold++)
            await responseStream.WriteAsync(new Amount { Pieces = request.Id - sold }, context.CancellationToken);
    }
}
