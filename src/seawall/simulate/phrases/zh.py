"""Chinese, in simplified characters."""
# ruff: noqa: E501 - a table of phrases reads better one kind to a line

from seawall.simulate.phrases.model import EMOJI, Phrases

PHRASES = Phrases(
    comment=(
        "{praise}{emoji}", "{praise}，{ask}", "{ask}{emoji}", "我{person}一定会喜欢", "昨晚试做了{food}，{result}",
        "看到{thing}就想起小时候{emoji}", "最后那一段太好笑了{emoji}", "等第{day}集{emoji}",
    ),
    caption=("{day}分钟做好{food}{emoji} #{tag}", "学{skill}的第{day}周 #{tag}", "自己修{thing}", "和{person}的安静早晨{emoji}"),
    speech=("大家好，欢迎来到直播间，今天我们练{skill}", "谢谢你的礼物，太客气了", "做{food}的时候火要小一点", "等一下，{thing}又倒了"),
    title=("边聊天边{skill}{emoji}", "直播做{food}", "一起学习第{day}小时"),
    bio=("喜欢{skill}和{food}", "分享{thing}的日常{emoji}", "养了两只猫"),
    slots={
        "emoji": EMOJI,
        "praise": ("太棒了", "好喜欢", "厉害", "真好看", "治愈", "笑死我了"),
        "ask": ("{thing}在哪里买的？", "这是什么歌？", "下次做{food}好吗？", "有下集吗？"),
        "person": ("姐姐", "爸爸", "邻居", "奶奶", "好朋友"),
        "thing": ("自行车", "旧相机", "盆栽", "台灯", "外套"),
        "food": ("炒面", "饺子", "叻沙", "蛋糕", "豆花"),
        "result": ("很成功", "翻车了", "全家都说好"),
        "skill": ("吉他", "画画", "下棋", "编织", "瑜伽"),
        "tag": ("家常菜", "一起学习", "周末"),
        "day": ("2", "3", "5", "7", "12", "30"),
    },
)  # fmt: skip
