// snippet:hello
using Microsoft.AspNetCore.Builder;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

app.UseInstrumentator();    // measures every request
app.MapInstrumentator();    // GET /metrics

app.MapGet("/hello/{name}", (string name) => $"Hello, {name}!");

app.Run();
// endsnippet
