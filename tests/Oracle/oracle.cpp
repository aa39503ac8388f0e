// dlib itself, called by the tests: writes networks with dlib's own serialiser and writes dlib's results.
// Pictures are binary PPM, so that both sides read the same pixels.
//
//   oracle write-network resnet|densenet|mmod trained|used SEED FILE [unclean]   a network with random weights
//   oracle write-predictor POINTS SEED FILE                         a shape predictor with random trees
//   oracle embed resnet|densenet NET CHIPS BATCH OUT                CHIPS: 150x150x3 bytes each; OUT: 128 floats each
//   oracle detect MMOD UPSAMPLE < LIST                              LIST: one PPM per line
//   oracle align PREDICTOR CHIPS < LIST                             LIST: PPM left top right bottom; CHIPS is written
//   oracle encode resnet|densenet MMOD PREDICTOR NET OUT < LIST     OUT: 128 floats per picture, NaN without a face
//   oracle bench ...                                                see bench.h
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <string>

#include <dlib/image_processing.h>
#include <dlib/image_transforms.h>

#include "bench.h"
#include "networks.h"
#include "ppm.h"

using namespace dlib;
using image = matrix<rgb_pixel>;

namespace
{
// Changes the scaling layers from their initial identity, so that a mix-up is detected.
struct randomise
{
    dlib::rand random;

    void operator()(bn_<CONV_MODE>& scale)
    {
        auto& parameters = scale.get_layer_params();
        const auto channels = parameters.size() / 2;
        for (size_t i = 0; i < channels; ++i)
        {
            parameters.host()[i] = 0.5f + random.get_random_float();
            parameters.host()[channels + i] = random.get_random_float() - 0.5f;
        }
    }

    template <typename T>
    void operator()(T&)
    {
    }
};

image noise(long size, unsigned long seed)
{
    dlib::rand random(std::to_string(seed));
    image picture(size, size);
    for (auto& pixel : picture)
        pixel = rgb_pixel(random.get_random_8bit_number(), random.get_random_8bit_number(), random.get_random_8bit_number());
    return picture;
}

template <typename layer_type>
auto visit_details(layer_type& layer, randomise& visitor) -> decltype(layer.layer_details(), void())
{
    visitor(layer.layer_details());
}

void visit_details(...) {}

template <typename net_type>
void save(net_type& net, long size, unsigned long seed, const std::string& file, bool clean)
{
    net(noise(size, seed)); // leaves its traces in the tensors of a net that is not cleaned
    if (clean)
        net.clean();
    serialize(file) << net;
}

// As trained (bn_con), or as used (affine): dlib converts the first to the second while it reads.
template <typename trained_type, typename used_type>
void write_network(trained_type net, const std::string& form, long size, unsigned long seed, const std::string& file,
                   bool clean)
{
    net(noise(size, seed)); // the first picture allocates the parameters
    randomise visitor;
    visitor.random.set_seed(std::to_string(seed));
    visit_layers(net, [&](size_t, auto& layer) { visit_details(layer, visitor); });
    if (form == "trained")
        return save(net, size, seed + 1, file, clean);

    std::stringstream bytes;
    serialize(net, bytes);
    used_type used;
    deserialize(used, bytes);
    save(used, size, seed + 1, file, clean);
}

void write_predictor(unsigned long points, unsigned long seed, const std::string& file)
{
    dlib::rand random(std::to_string(seed));
    const unsigned long cascades = 6, trees = 20, depth = 4, pixels = 60;
    matrix<float, 0, 1> shape(2 * points);
    for (auto& coordinate : shape)
        coordinate = 0.1f + 0.8f * random.get_random_float();

    std::vector<std::vector<impl::regression_tree>> forests(cascades);
    std::vector<std::vector<dlib::vector<float, 2>>> coordinates(cascades);
    for (auto& set : coordinates)
        for (unsigned long i = 0; i < pixels; ++i)
            set.emplace_back(1.2f * random.get_random_float() - 0.1f, 1.2f * random.get_random_float() - 0.1f);
    for (auto& forest : forests)
    {
        forest.resize(trees);
        for (auto& tree : forest)
        {
            tree.splits.resize((1 << depth) - 1);
            for (auto& split : tree.splits)
                split = {random.get_random_32bit_number() % pixels, random.get_random_32bit_number() % pixels,
                         200 * random.get_random_float() - 100};
            tree.leaf_values.resize(1 << depth);
            for (auto& leaf : tree.leaf_values)
            {
                leaf.set_size(2 * points);
                for (auto& step : leaf)
                    step = 0.004f * random.get_random_float() - 0.002f;
            }
        }
    }
    serialize(file) << shape_predictor(shape, forests, coordinates);
}

template <typename net_type>
void embed(const std::string& file, const std::string& chips_file, size_t batch, const std::string& out)
{
    net_type net;
    deserialize(file) >> net;
    const auto chips = read_chips(chips_file);
    std::ofstream floats(out, std::ios::binary);
    for (size_t i = 0; i < chips.size(); i += batch)
    {
        const std::vector<image> part(chips.begin() + i, chips.begin() + std::min(i + batch, chips.size()));
        for (const auto& embedding : net(part, batch))
            floats.write(reinterpret_cast<const char*>(&embedding(0)), embedding.size() * sizeof(float));
    }
}

void detect_all(const std::string& file, unsigned upsample)
{
    networks::mmod net;
    deserialize(file) >> net;
    std::cout << std::setprecision(9);
    for (std::string name; std::getline(std::cin, name);)
    {
        const auto faces = detect(net, read_ppm(name), upsample);
        std::cout << faces.size();
        for (const auto& face : faces)
            std::cout << ' ' << face.rect.left() << ' ' << face.rect.top() << ' ' << face.rect.right() << ' '
                      << face.rect.bottom() << ' ' << face.detection_confidence;
        std::cout << std::endl;
    }
}

void align_all(const std::string& file, const std::string& out)
{
    shape_predictor predictor;
    deserialize(file) >> predictor;
    std::ofstream chips(out, std::ios::binary);
    std::string name;
    long left, top, right, bottom;
    while (std::cin >> name >> left >> top >> right >> bottom)
    {
        const auto picture = read_ppm(name);
        const auto shape = predictor(picture, rectangle(left, top, right, bottom));
        for (unsigned long i = 0; i < shape.num_parts(); ++i)
            std::cout << shape.part(i).x() << ' ' << shape.part(i).y() << ' ';
        std::cout << std::endl;
        write_chip(chips, cut_chip(picture, shape));
    }
}

template <typename net_type>
void encode_all(const std::string& mmod_file, const std::string& predictor_file, const std::string& net_file,
                const std::string& out)
{
    networks::mmod detector;
    deserialize(mmod_file) >> detector;
    shape_predictor predictor;
    deserialize(predictor_file) >> predictor;
    net_type net;
    deserialize(net_file) >> net;
    std::ofstream floats(out, std::ios::binary);
    for (std::string name; std::getline(std::cin, name);)
    {
        matrix<float, 0, 1> embedding = std::numeric_limits<float>::quiet_NaN() * ones_matrix<float>(128, 1);
        encode(detector, predictor, net, read_ppm(name), embedding);
        floats.write(reinterpret_cast<const char*>(&embedding(0)), embedding.size() * sizeof(float));
    }
}

int run(const std::vector<std::string>& arguments)
{
    const auto& command = arguments.at(0);
    if (command == "write-network")
    {
        using trained = networks::of<bn_con>;
        const auto& form = arguments.at(2);
        const auto seed = std::stoul(arguments.at(3));
        const auto& file = arguments.at(4);
        const bool clean = arguments.size() < 6 || arguments[5] != "unclean";
        if (arguments.at(1) == "resnet")
            write_network<trained::resnet, networks::resnet>({}, form, 150, seed, file, clean);
        else if (arguments.at(1) == "densenet")
            write_network<trained::densenet, networks::densenet>({}, form, 150, seed, file, clean);
        else
            write_network<trained::mmod, networks::mmod>(
                trained::mmod(mmod_options({{mmod_rect(rectangle(80, 80))}}, 80, 40)), form, 200, seed, file, clean);
    }
    else if (command == "write-predictor")
        write_predictor(std::stoul(arguments.at(1)), std::stoul(arguments.at(2)), arguments.at(3));
    else if (command == "embed" && arguments.at(1) == "resnet")
        embed<networks::resnet>(arguments.at(2), arguments.at(3), std::stoul(arguments.at(4)), arguments.at(5));
    else if (command == "embed" && arguments.at(1) == "densenet")
        embed<networks::densenet>(arguments.at(2), arguments.at(3), std::stoul(arguments.at(4)), arguments.at(5));
    else if (command == "detect")
        detect_all(arguments.at(1), std::stoul(arguments.at(2)));
    else if (command == "align")
        align_all(arguments.at(1), arguments.at(2));
    else if (command == "encode" && arguments.at(1) == "resnet")
        encode_all<networks::resnet>(arguments.at(2), arguments.at(3), arguments.at(4), arguments.at(5));
    else if (command == "encode" && arguments.at(1) == "densenet")
        encode_all<networks::densenet>(arguments.at(2), arguments.at(3), arguments.at(4), arguments.at(5));
    else if (command == "bench")
        bench(arguments);
    else
        throw std::invalid_argument("unknown command " + command);
    return 0;
}
}

int main(int argc, char** argv)
{
    try
    {
        return run({argv + 1, argv + argc});
    }
    catch (const std::exception& e)
    {
        std::cerr << e.what() << std::endl;
        return 1;
    }
}
