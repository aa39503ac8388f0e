// The exact types of dlib's published face networks. dlib's files do not describe themselves: the C++ type defines the format.
#pragma once

#include <dlib/dnn.h>

namespace networks
{
using namespace dlib;

// SCALE is affine in a network that is used, bn_con in one that is trained; the published files have either.
template <template <typename> class SCALE>
struct of
{
    // dlib_face_recognition_resnet_model_v1.dat (dlib's example dnn_face_recognition_ex.cpp)
    template <int N, int stride, typename SUBNET>
    using block = SCALE<con<N, 3, 3, 1, 1, relu<SCALE<con<N, 3, 3, stride, stride, SUBNET>>>>>;

    template <int N, typename SUBNET>
    using ares = relu<add_prev1<block<N, 1, tag1<SUBNET>>>>;

    template <int N, typename SUBNET>
    using ares_down = relu<add_prev2<avg_pool<2, 2, 2, 2, skip1<tag2<block<N, 2, tag1<SUBNET>>>>>>>;

    template <typename SUBNET> using level0 = ares_down<256, SUBNET>;
    template <typename SUBNET> using level1 = ares<256, ares<256, ares_down<256, SUBNET>>>;
    template <typename SUBNET> using level2 = ares<128, ares<128, ares_down<128, SUBNET>>>;
    template <typename SUBNET> using level3 = ares<64, ares<64, ares<64, ares_down<64, SUBNET>>>>;
    template <typename SUBNET> using level4 = ares<32, ares<32, ares<32, SUBNET>>>;

    using resnet = loss_metric<fc_no_bias<128, avg_pool_everything<level0<level1<level2<level3<level4<
        max_pool<3, 3, 2, 2, relu<SCALE<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;

    // mmod_human_face_detector.dat (dlib's example dnn_mmod_face_detection_ex.cpp)
    template <long N, typename SUBNET> using con5d = relu<SCALE<con<N, 5, 5, 2, 2, SUBNET>>>;
    template <typename SUBNET> using rcon5 = relu<SCALE<con<45, 5, 5, 1, 1, SUBNET>>>;

    using mmod = loss_mmod<con<1, 9, 9, 1, 1, rcon5<rcon5<rcon5<con5d<32, con5d<32, con5d<16,
        input_rgb_image_pyramid<pyramid_down<6>>>>>>>>>>;

    // face_recognition_densenet_model_v1.dat: a DenseNet with growth rate 16 and 3, 6, 12, 8 layers
    template <long N, long size, int stride, typename SUBNET>
    using conp = add_layer<con_<N, size, size, stride, stride, size / 2, size / 2>, SUBNET>;

    template <typename SUBNET>
    using dense_layer = concat2<tag1, tag2,
        tag2<conp<16, 3, 1, relu<SCALE<conp<64, 1, 1, relu<SCALE<tag1<SUBNET>>>>>>>>>;

    template <long N, typename SUBNET>
    using transition = avg_pool<2, 2, 2, 2, con<N, 1, 1, 1, 1, relu<SCALE<SUBNET>>>>;

    using densenet = loss_metric<fc_no_bias<128, avg_pool_everything<relu<SCALE<
        repeat<8, dense_layer, transition<130, repeat<12, dense_layer, transition<68, repeat<6, dense_layer,
        transition<40, repeat<3, dense_layer, add_layer<max_pool_<3, 3, 2, 2, 1, 1>,
        relu<SCALE<conp<32, 7, 2, input_rgb_image>>>>>>>>>>>>>>>>;
};

using resnet = of<affine>::resnet;
using densenet = of<affine>::densenet;
using mmod = of<affine>::mmod;
}
