using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Reads what is left of a request whose app removed features or replaced them by some that throw.</summary>
internal static class ReadableContext
{
    /// <summary>Returns a context in place of one whose request or response cannot be read; null if they can. Never
    /// throws.</summary>
    /// <remarks>It has all other features of the context. Its request and its response are the server's if the server's
    /// feature collection implements them itself, as in Kestrel and IIS, and empty otherwise. The app's context stays
    /// as the app left it.</remarks>
    public static HttpContext? InPlaceOf(HttpContext context)
    {
        try
        {
            var features = context.Features;
            return IsReadable(features[typeof(IHttpRequestFeature)] as IHttpRequestFeature)
                && IsReadable(features[typeof(IHttpResponseFeature)] as IHttpResponseFeature)
                ? null
                : Complete(features);
        }
#pragma warning disable CA1031 // Features that cannot even be looked up.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new DefaultHttpContext();
        }
    }

    private static DefaultHttpContext Complete(IFeatureCollection features)
    {
        var complete = new FeatureCollection(features);
        complete.Set(
            Array.Find([features.Get<IHttpRequestFeature>(), features as IHttpRequestFeature], IsReadable)
            ?? new HttpRequestFeature());
        complete.Set(
            Array.Find([features.Get<IHttpResponseFeature>(), features as IHttpResponseFeature], IsReadable)
            ?? new HttpResponseFeature());
        return new DefaultHttpContext(complete);
    }

    private static bool IsReadable(IHttpRequestFeature? request)
    {
        try
        {
            // Throws for a path without a slash at its beginning, as the request's property does.
            _ = new PathString(request?.Path);
            return request is { Headers: not null };
        }
#pragma warning disable CA1031 // Features of the app may throw anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static bool IsReadable(IHttpResponseFeature? response)
    {
        try
        {
            _ = (response?.StatusCode, response?.HasStarted);
            return response is { Headers: not null };
        }
#pragma warning disable CA1031 // Features of the app may throw anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
