namespace WithPrometheusNet;

internal static class ShopRoutes
{
    public static WebApplication MapShop(this WebApplication app)
    {
        app.MapGet("/products/{id:int}", (int id) => $"Product {id}");
        app.MapPost("/orders", (string? country) =>
        {
            ShopMetrics.CountOrder(country ?? "", 9.99);
            return Results.NoContent();
        });
        return app;
    }
}
