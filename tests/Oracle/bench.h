// Times dlib: each command prints the fastest of its repeats after a warm-up, in milliseconds of processor time. For one
// thread that is the elapsed time on an idle machine.
//
//   oracle bench embed resnet|densenet NET CHIPS BATCH REPEATS    per chip
//   oracle bench mmod MMOD PPM UPSAMPLE REPEATS                   per picture
//   oracle bench hog PPM UPSAMPLE REPEATS                         per picture
//   oracle bench chain cnn|hog UPSAMPLE MMOD PREDICTOR NET ROUNDS < LIST   per picture: detect, landmarks, chip, embed
#pragma once

#include <algorithm>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include <dlib/image_processing/frontal_face_detector.h>

#include "chain.h"
#include "networks.h"
#include "ppm.h"

inline double processor_milliseconds()
{
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

template <typename work_type>
double least_milliseconds(int repeats, work_type work)
{
    work();
    double least = 1e300;
    for (int i = 0; i < repeats; ++i)
    {
        const auto start = processor_milliseconds();
        work();
        least = std::min(least, processor_milliseconds() - start);
    }
    return least;
}

template <typename net_type>
void bench_embed(const std::string& file, const std::string& chips_file, size_t batch, int repeats)
{
    net_type net;
    dlib::deserialize(file) >> net;
    auto chips = read_chips(chips_file);
    chips.resize(batch, chips.at(0));
    std::cout << least_milliseconds(repeats, [&] { net(chips, batch); }) / batch << std::endl;
}

inline std::vector<dlib::rectangle> detect_hog(
    dlib::frontal_face_detector& detector, dlib::matrix<dlib::rgb_pixel> picture, unsigned upsample)
{
    dlib::pyramid_down<2> pyramid;
    for (unsigned i = 0; i < upsample; ++i)
        dlib::pyramid_up(picture, pyramid);
    std::vector<dlib::rectangle> faces;
    for (const auto& face : detector(picture))
        faces.push_back(pyramid.rect_down(face, upsample));
    return faces;
}

inline void bench_chain(const std::vector<std::string>& arguments)
{
    const bool cnn = arguments.at(2) == "cnn";
    const auto upsample = std::stoul(arguments.at(3));
    networks::mmod detector;
    dlib::deserialize(arguments.at(4)) >> detector;
    auto hog = dlib::get_frontal_face_detector();
    dlib::shape_predictor predictor;
    dlib::deserialize(arguments.at(5)) >> predictor;
    networks::resnet net;
    dlib::deserialize(arguments.at(6)) >> net;
    std::vector<dlib::matrix<dlib::rgb_pixel>> pictures;
    for (std::string name; std::getline(std::cin, name);)
        pictures.push_back(read_ppm(name));

    const auto work = [&] {
        for (const auto& picture : pictures)
        {
            if (cnn)
            {
                for (const auto& face : detect(detector, picture, upsample))
                    net(cut_chip(picture, predictor(picture, face.rect)));
            }
            else
            {
                for (const auto& face : detect_hog(hog, picture, upsample))
                    net(cut_chip(picture, predictor(picture, face)));
            }
        }
    };
    std::cout << least_milliseconds(std::stoi(arguments.at(7)), work) / pictures.size() << std::endl;
}

inline void bench(const std::vector<std::string>& arguments)
{
    const auto& what = arguments.at(1);
    if (what == "embed" && arguments.at(2) == "resnet")
        bench_embed<networks::resnet>(arguments.at(3), arguments.at(4), std::stoul(arguments.at(5)), std::stoi(arguments.at(6)));
    else if (what == "embed")
        bench_embed<networks::densenet>(arguments.at(3), arguments.at(4), std::stoul(arguments.at(5)), std::stoi(arguments.at(6)));
    else if (what == "mmod")
    {
        networks::mmod net;
        dlib::deserialize(arguments.at(2)) >> net;
        const auto picture = read_ppm(arguments.at(3));
        const auto upsample = std::stoul(arguments.at(4));
        std::cout << least_milliseconds(std::stoi(arguments.at(5)), [&] { detect(net, picture, upsample); }) << std::endl;
    }
    else if (what == "hog")
    {
        auto detector = dlib::get_frontal_face_detector();
        const auto picture = read_ppm(arguments.at(2));
        const auto upsample = std::stoul(arguments.at(3));
        std::cout << least_milliseconds(std::stoi(arguments.at(4)), [&] { detect_hog(detector, picture, upsample); }) << std::endl;
    }
    else if (what == "chain")
        bench_chain(arguments);
    else
        throw std::invalid_argument("unknown benchmark " + what);
}
