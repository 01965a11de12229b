using GrpcApp;
using Instrumentator;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddGrpc();

// snippet:grpc
builder.Services.AddInstrumentator(Instrumentation.Default.WithDefaultMetrics(new()
{
    ExtraRequestLabels = [RequestLabel.GrpcStatus],
}));

var app = builder.Build();
app.UseInstrumentator();
app.MapGrpcService<StockService>();
app.MapInstrumentator();
// endsnippet

app.Run();
