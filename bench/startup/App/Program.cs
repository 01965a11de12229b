// The least app of two routes, and what the two lines add to it. The second route is there because only then does
// routing make its tables, which is not a value of our cost.
var app = WebApplication.CreateBuilder(args).Build();
#if INSTRUMENTATOR
app.UseInstrumentator();
app.MapInstrumentator();
#endif
app.MapGet("/hello/{name}", (string name) => $"Hello, {name}!");
app.MapGet("/health", () => "healthy");
await app.RunAsync();
