// The steps of face_recognition (its C++ is dlib's tools/python/src): detect, landmarks, chip, embedding.
#pragma once

#include <dlib/image_processing.h>
#include <dlib/image_transforms.h>

#include "networks.h"

inline std::vector<dlib::mmod_rect> detect(networks::mmod& net, dlib::matrix<dlib::rgb_pixel> picture, unsigned upsample)
{
    dlib::pyramid_down<2> pyramid;
    for (unsigned i = 0; i < upsample; ++i)
        dlib::pyramid_up(picture, pyramid);
    auto faces = net(picture);
    for (auto& face : faces)
        face.rect = pyramid.rect_down(face.rect, upsample);
    return faces;
}

inline dlib::matrix<dlib::rgb_pixel> cut_chip(
    const dlib::matrix<dlib::rgb_pixel>& picture, const dlib::full_object_detection& shape)
{
    dlib::matrix<dlib::rgb_pixel> chip;
    dlib::extract_image_chip(picture, dlib::get_face_chip_details(shape, 150, 0.25), chip);
    return chip;
}

// The largest face's embedding; unchanged without a face.
template <typename net_type>
bool encode(networks::mmod& detector, const dlib::shape_predictor& predictor, net_type& net,
            const dlib::matrix<dlib::rgb_pixel>& picture, dlib::matrix<float, 0, 1>& embedding, unsigned upsample = 0)
{
    const auto faces = detect(detector, picture, upsample);
    const dlib::mmod_rect* largest = nullptr;
    for (const auto& face : faces)
        if (!largest || face.rect.area() > largest->rect.area())
            largest = &face;
    if (!largest)
        return false;
    embedding = net(cut_chip(picture, predictor(picture, largest->rect)));
    return true;
}
