using SkiaSharp;
using static FaceSearch.TestSupport.Drawn.Brushes;

namespace FaceSearch.TestSupport.Drawn;

/// <summary>Paints the head and what grows or sits on it.</summary>
internal sealed class HeadPainter(SKCanvas canvas, FaceGeometry at, FaceTraits traits)
{
    public void PaintBehindTheFeatures()
    {
        PaintBody();
        PaintHairBehind();
        PaintEars();
        PaintHead();
    }

    public void PaintInFront()
    {
        PaintHairInFront();
        if (traits.Glasses != Glasses.None)
            PaintGlasses();
    }

    private void PaintBody()
    {
        using var clothes = Fill(traits.Clothes);
        canvas.DrawOval(at.Middle, at.Y(1) + (at.Size * 0.36f), at.Size * 0.42f, at.Size * 0.24f, clothes);
        using var neck = Fill(Darker(traits.Skin, 0.8f));
        canvas.DrawRect(new SKRect(at.X(-0.5f, 0), at.Y(0.5f), at.X(0.5f, 0), at.Y(1) + (at.Size * 0.17f)), neck);
    }

    private void PaintHairBehind()
    {
        if (traits.HairStyle == HairStyle.Bald)
            return;

        using var hair = Fill(Darker(traits.HairColor, 0.85f));
        var volume = traits.HairStyle == HairStyle.Curly ? traits.HairVolume + 0.12f : traits.HairVolume;
        var bottom = traits.HairStyle is HairStyle.Long or HairStyle.Curly ? 0.4f + traits.HairLength : 0.15f;
        canvas.DrawOval(new SKRect(at.X(-volume, 0), at.Y(-volume), at.X(volume, 0), at.Y(bottom)), hair);
        if (traits.HairStyle == HairStyle.Long)
            canvas.DrawRect(new SKRect(at.X(-volume, 0), at.Y(-0.3f), at.X(volume, 0), at.Y(bottom)), hair);
    }

    private void PaintEars()
    {
        using var ear = Fill(Darker(traits.Skin, 0.85f));
        foreach (var side in new[] { -1, 1 })
            canvas.DrawOval(at.X(side * 1.0f, 0), at.Y(0.02f), at.HalfWidth * 0.13f, at.HalfHeight * 0.19f, ear);
    }

    /// <summary>Lit from the front, darker towards the outline.</summary>
    private void PaintHead()
    {
        using var head = at.Head();
        using var paint = Fill(traits.Skin);
        using var light = SKShader.CreateRadialGradient(
            at.Point(-0.15f + (at.Pose * 0.1f), -0.2f, 0),
            at.HalfHeight * 1.35f,
            [Lighter(traits.Skin, 1.1f), traits.Skin, Darker(traits.Skin, 0.6f)],
            [0, 0.45f, 1],
            SKShaderTileMode.Clamp);
        paint.Shader = light;
        canvas.DrawPath(head, paint);
    }

    public void PaintBeard()
    {
        if (traits.Beard == Beard.None)
            return;

        using var head = at.Head(1.02f);
        canvas.Save();
        canvas.ClipPath(head, antialias: true);
        using var paint = Fill(Darker(traits.HairColor, 0.8f).WithAlpha(225));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, at.Size * 0.004f);
        paint.MaskFilter = blur;
        var lip = at.MouthY - traits.UpperLip;
        if (traits.Beard is Beard.Moustache or Beard.Full)
        {
            using var moustache = Shape(
                at.Point(-traits.MouthWidth * 1.15f, at.MouthY + 0.02f), at.Point(-traits.NoseWidth, lip - 0.09f), at.Point(0, lip - 0.07f),
                at.Point(traits.NoseWidth, lip - 0.09f), at.Point(traits.MouthWidth * 1.15f, at.MouthY + 0.02f), at.Point(0, lip));
            canvas.DrawPath(moustache, paint);
        }

        var chin = at.MouthY + traits.LowerLip + 0.06f;
        if (traits.Beard == Beard.Goatee)
            canvas.DrawOval(new SKRect(at.X(-traits.MouthWidth * 0.75f), at.Y(chin), at.X(traits.MouthWidth * 0.75f), at.Y(1.1f)), paint);
        if (traits.Beard == Beard.Full)
        {
            using var full = Shape(
                at.Point(-1.1f, 0.05f), at.Point(-0.92f, 0.08f), at.Point(-traits.MouthWidth * 1.25f, lip), at.Point(-traits.MouthWidth * 0.9f, chin),
                at.Point(traits.MouthWidth * 0.9f, chin), at.Point(traits.MouthWidth * 1.25f, lip), at.Point(0.92f, 0.08f), at.Point(1.1f, 0.05f),
                at.Point(1.1f, 1.2f), at.Point(-1.1f, 1.2f));
            canvas.DrawPath(full, paint);
        }

        canvas.Restore();
    }

    private void PaintHairInFront()
    {
        if (traits.HairStyle == HairStyle.Bald)
            return;

        using var hair = Fill(traits.HairColor);
        using var clip = at.Head(traits.HairStyle == HairStyle.Curly ? 1.25f : 1.1f, -1.02f);
        canvas.Save();
        canvas.ClipPath(clip, antialias: true);
        var line = traits.Hairline;
        var (left, middle, right) = traits.HairStyle switch
        {
            HairStyle.Fringe => (line + 0.12f, line + 0.14f, line + 0.1f),
            HairStyle.Parted => (line + 0.25f, line - 0.25f, line + 0.05f),
            HairStyle.Short => (line - 0.1f, line - 0.12f, line - 0.1f),
            _ => (line + 0.1f, line - 0.2f, line + 0.1f),
        };
        using var fringe = Shape(
            at.Point(-1.4f, -1.4f, 0), at.Point(-1.4f, 0, 0), at.Point(-0.98f, -0.1f, 0), at.Point(-0.8f, left, 0.3f), at.Point(-0.25f, middle, 0.3f),
            at.Point(0.5f, right, 0.3f), at.Point(0.85f, right + 0.1f, 0.3f), at.Point(0.98f, -0.1f, 0), at.Point(1.4f, 0, 0), at.Point(1.4f, -1.4f, 0));
        canvas.DrawPath(fringe, hair);
        canvas.Restore();
    }

    private void PaintGlasses()
    {
        using var frame = Stroke(new SKColor(30, 28, 32), at.Size * 0.009f);
        var (width, height) = (traits.EyeWidth * 1.45f * at.HalfWidth, traits.EyeWidth * 1.2f * at.HalfWidth);
        foreach (var side in new[] { -1, 1 })
        {
            var middle = at.Point(side * traits.EyeDistance, traits.EyeY + 0.02f);
            var lens = new SKRect(middle.X - width, middle.Y - height, middle.X + width, middle.Y + height);
            if (traits.Glasses == Glasses.Round)
                canvas.DrawOval(lens, frame);
            else
                canvas.DrawRoundRect(lens, height * 0.25f, height * 0.25f, frame);
            canvas.DrawLine(middle.X + (side * width), middle.Y, at.X(side * 0.98f, 0), at.Y(traits.EyeY), frame);
        }

        canvas.DrawLine(
            at.X(-traits.EyeDistance) + width, at.Y(traits.EyeY), at.X(traits.EyeDistance) - width, at.Y(traits.EyeY), frame);
    }
}
