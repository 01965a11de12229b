using WithPrometheusNet;

var app = args.FirstOrDefault() switch
{
    "include" => Ways.InOurScrape([.. args.Skip(1)]),
    "preset" => Ways.UnderTheirNames([.. args.Skip(1)]),
    "both" => Ways.BothAtOnce([.. args.Skip(1)]),
    _ => Ways.InTheirRegistry(args),
};
if (app.Configuration["urls"] is null)
    app.Urls.Add("http://127.0.0.1:5081");
await app.StartAsync();
Console.WriteLine(
    $"The shop is at {app.Urls.First()}/products/1, its metrics are at {app.Urls.First()}/metrics. Ctrl+C ends it.");
await app.WaitForShutdownAsync();
