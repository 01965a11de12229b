// snippet:own-metrics
using System.Linq;
using Instrumentator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

string[] countries = ["AT", "CH", "DE"];
var orders = Registry.Default.Counter("shop_orders_total", "Orders taken.", "country");

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddInstrumentator(Instrumentation.Default
    .AndAlso(Metrics.CombinedSize(new() { Method = false })
        .Then(Metrics.Latency(new() { Name = "slow_request_duration_seconds", Buckets = [1, 5, 30] })
            .When(info => info.Duration >= 1))));

var app = builder.Build();
app.UseInstrumentator();
app.MapInstrumentator();

// Clients choose what they send, so label values come from a list.
app.MapPost("/orders/{country}", (string country) =>
    orders.With(countries.Contains(country) ? country : "other").Increment());

app.Run();
// endsnippet
