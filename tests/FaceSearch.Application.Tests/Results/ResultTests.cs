using FaceSearch.Application.Results;

namespace FaceSearch.Application.Tests.Results;

internal sealed class ResultTests
{
    [Test]
    public void Value_OfAnError_Throws()
    {
        Result<int> result = new Error(ErrorKind.NotFound, "gone", "It is gone.");

        Assert.That(result.IsSuccess, Is.False);
        Assert.That(() => result.Value, Throws.InvalidOperationException.With.Message.Contains("gone"));
    }

    [Test]
    public void Value_OfASuccess_IsTheValue()
    {
        Result<int> result = 5;

        Assert.That(result.IsSuccess, Is.True);
        Assert.That(result.Value, Is.EqualTo(5));
    }
}
