using Microsoft.AspNetCore.Http;

namespace Instrumentator.Browser;

/// <summary>A request that is in progress until it is disposed of.</summary>
internal sealed class HeldRequest(HttpClient client) : IAsyncDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<HttpResponseMessage> _response = null!;

    /// <summary>Sends the request, and returns when the app has it.</summary>
    public async Task SendAsync(HttpRequestMessage message)
    {
        _response = client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        await _arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Answers on the server, once the test lets it.</summary>
    public async Task AnswerAsync(HttpContext context, bool isStream)
    {
        if (isStream)
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
        }
        _arrived.SetResult();
        await _released.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_released.TrySetResult())
            return;
        using var response = await _response;
        await response.Content.ReadAsByteArrayAsync();
    }
}
