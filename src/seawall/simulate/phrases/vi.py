"""Vietnamese."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=("{praise}{emoji}", "{praise}, {ask}", "{ask}{emoji}", "{person} mình chắc sẽ thích lắm", "tối qua thử nấu {food}, {result}", "xem xong nhớ {thing} ngày xưa{emoji}"),
    caption=("{food} trong {day} phút{emoji} #{tag}", "học {skill} tuần thứ {day} #{tag}", "tự sửa {thing} tại nhà"),
    speech=("chào cả nhà, hôm nay mình tập {skill} nhé", "cảm ơn món quà của bạn nhiều", "nấu {food} thì để lửa nhỏ thôi"),
    title=("vừa nói chuyện vừa {skill}{emoji}", "nấu {food} trực tiếp"),
    bio=("thích {skill} và {food}", "kể chuyện về {thing}{emoji}"),
    slots={
        "emoji": EMOJI,
        "praise": ("hay quá", "đỉnh thật", "dễ thương ghê", "tuyệt vời", "xem mãi không chán"),
        "ask": ("mua {thing} ở đâu vậy?", "bài hát gì thế?", "lần sau làm {food} nhé?", "có phần hai không?"),
        "person": ("chị", "bố", "bà", "bạn thân"),
        "thing": ("xe đạp", "máy ảnh cũ", "chậu cây", "cái đèn"),
        "food": ("phở", "bánh xèo", "bún chả", "chè"),
        "result": ("ngon lắm", "hỏng mất rồi", "cả nhà khen"),
        "skill": ("đàn guitar", "vẽ", "chơi cờ", "đan len"),
        "tag": ("nauantainha", "cunghoc", "cuoituan"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
